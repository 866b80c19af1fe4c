"""A report as its pages print it: one file for each part, plain frozen values from `material`."""
