"""A world to try the product in, built by the same operations that people use, with the clock moved as they went.

The boards and their codes are real public facts (with successor dates of 1 April 2026). Every person, trust, practice,
manufacturer, supplier, tool, figure and document is invented and says so. `build.build()` is what `flask demo` calls.
"""
