"""What the rules saw in the figures: a limit crossed, a special cause of concern, a figure that did not come.

A signal has an owner, is looked into, and is closed with a sentence. It never stops a tool by itself.

Tables: Signal, SignalChange. Verbs: open_signal, take_up, close.
"""
