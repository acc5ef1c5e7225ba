"""The layers, fitted: material, features, boosting, refitting, calibration, cross-fitting."""
