"""`python -m classifier`: the command `linesift`, where its folder is not on the path."""

from classifier.cli import main

if __name__ == "__main__":
    main()
