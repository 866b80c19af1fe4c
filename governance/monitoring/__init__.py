"""Is a tool in use still as safe as when it was authorised?

From pilot on, a deployment is watched: the figures its monitoring plan asks for, what the rules see in them, incidents and
concerns anybody may raise, changes the supplier announces, and planned looks back. The room decides when a figure is more
than chance, who must answer and by when, and whether use may go on.
"""
