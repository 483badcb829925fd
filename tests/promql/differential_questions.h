// What is asked of a real Prometheus and of ours.
#pragma once

#include <QStringList>

namespace promql_test {

// Every function, aggregation and operator, by itself and over ranges of all kinds.
[[nodiscard]] QStringList expressions();
// `many` different ones nested in each other at random, always the same.
[[nodiscard]] QStringList nested(int many);
// None of them is an expression.
[[nodiscard]] QStringList mistakes();

} // namespace promql_test
