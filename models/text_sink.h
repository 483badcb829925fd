// Where a text goes that is made piece by piece.
#pragma once

#include <QByteArray>

#include <cstddef>
#include <functional>
#include <utility>

namespace models {

// The next piece, and how much of all is made with it, 0 … 1. False: no more is wanted.
using TextSink = std::function<bool(const QByteArray& piece, double share)>;

// `lines` lines, of which `line(i)` makes the i-th, some hundred at a time. False when `sink` wanted no more.
template <class Line>
bool writeLines(std::size_t lines, const Line& line, const TextSink& sink)
{
    constexpr std::size_t kAtATime = 500;
    QByteArray piece;
    for (std::size_t i = 0; i < lines; ++i) {
        piece += line(i);
        if ((i + 1) % kAtATime == 0 && !sink(std::exchange(piece, {}), double(i + 1) / double(lines))) {
            return false;
        }
    }
    return sink(piece, 1);
}

} // namespace models
