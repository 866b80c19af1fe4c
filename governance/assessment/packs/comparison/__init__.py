"""Two contents of a pack side by side, in whole sentences: what rose, what fell, what is new, gone or worded otherwise.

Pure. `whole.compare` takes the sections of two sides, frozen or live, and gives every change with a summary. The other files
say what may change in one kind of part. Nothing here looks at today.
"""
