"""Reading a supplier's filled DTAC 2.0 form, as DOCX or ODT. Pure; nothing in a file is trusted, and nothing is guessed.

The layout that is read (taken from public transcriptions of the form; the official file could not be had):
tables whose rows are one question each. Among a row's first cells stands the question's code, alone ("C1.2.4") or before
its words ("C1.2.4 Clinical safety case report"); then come the question, the answer, and perhaps supporting information.
A heading row ("Code, Question, Response, Supporting information") says which column is which; without one, the cell after
the question is the answer. Rows may stand in any order, cells may be merged, codes may be split over runs or hold stray
spaces, a dot at the end and other dashes. Answers are text in any number of paragraphs; options marked by a box that is
ticked (☒ ☑ [x], Word's two kinds of check box, LibreOffice's); or one option's own words. Struck and deleted text is gone.
Where a row's code, its answer's cell or the option meant cannot be told for certain, the row is not read.

`trees` parses XML within limits; `word` and `opendocument` make `tables` of it; `layout` finds codes and answers; `replies`
reads an answer as its question wants it; `reader` puts it all together with an account of every code.
"""
