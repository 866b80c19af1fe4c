"""Drawings made once for page and PDF: ladder, turn ticks, risk matrix, check code, standing marks.

Each file computes plain coordinates; `draw` puts them into the SVG of templates/pictures. Presentation attributes only,
so that a content security policy without inline style holds and WeasyPrint draws the same.
"""
