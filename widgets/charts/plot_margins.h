// The room around the plot of everything with a time axis: the same everywhere, so that times line up.
#pragma once

namespace widgets::plot {

inline constexpr int kLeft = 54;
inline constexpr int kRight = 8;
inline constexpr int kTop = 8;
inline constexpr int kBottom = 20;

} // namespace widgets::plot
