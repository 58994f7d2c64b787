"""How figures are shown: one content, four forms (html, xlsx, json, md)."""
