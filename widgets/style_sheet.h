// The style sheet of the application, made of a palette: the standard widgets' look, nothing that a panel
// draws itself.
#pragma once

#include <QString>

namespace widgets {

struct Palette;

// Pure. Dynamic properties that widgets may set: kind="primary" | "danger" | "quiet" on buttons, role="title"
// | "value" | "caption" | "muted" on labels.
[[nodiscard]] QString styleSheetOf(const Palette& palette);

} // namespace widgets
