"""The client of Chorus Pro through PISTE.

Rule 1: fulfils the ``Platform`` protocol without knowing who uses it.
Rule 2: camelCase French keys are in ``wire`` alone, and HTTP is posted in ``exchange`` alone.
Rule 3: a deposit leaves once; what is safe to repeat is repeated in ``gateway``, and nothing else is.

From the caller inwards: ``client`` (what is asked), ``listing`` (all pages of it), ``gateway`` (headers, 401,
repeats), ``auth`` (tokens), ``exchange`` (one call, and every way it can end), ``answer`` (what came back, read
without trust). Beside them: ``wire`` (spelling), ``outcome`` (the four ends of a deposit), ``trouble`` (what other
calls raise), ``endpoints`` (where), ``pace`` (not too fast).
"""
