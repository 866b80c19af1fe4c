"""What happened to each tool, told with the clock moved as it went."""

ALL: tuple = ()
