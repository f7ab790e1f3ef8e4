"""How often the screen may be drawn: Textual reads it once, when it is imported, so this is imported before it.

The letter in a filter and the rows that it leaves are two frames; at Textual's own 60 a second the rows would wait 20
ms more. Nothing here draws by itself: no frame is made without a key or an answer.
"""

import os

os.environ["TEXTUAL_FPS"] = "250"
