// The style sheet of the window's frame and working panels, made of the theme's palette.
#pragma once

#include <QString>

namespace widgets {

struct Palette;

[[nodiscard]] QString frameStyle(const Palette& palette);

} // namespace widgets
