// Where a text goes that is made piece by piece.
#pragma once

#include <QByteArray>

#include <functional>

namespace models {

// The next piece, and how much of all is made with it, 0 … 1. False: no more is wanted.
using TextSink = std::function<bool(const QByteArray& piece, double share)>;

} // namespace models
