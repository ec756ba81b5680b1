"""Makers of small image files, one module for each kind; `files()` of each gives pairs of a name and bytes."""
