"""What people have today, on the pages and folds that the model is judged on.

Line rules and extractors keep or drop a line: what they keep stands for content
and what they drop for everything else. Classifiers of single lines are trained
on the other folds. Extractors read the HTML, which the model never sees.
"""
