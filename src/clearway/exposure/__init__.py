"""From curves to answers: exposure in a window, ratios between arms, what caused them, and how sure they are."""
