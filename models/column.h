// A column of a table as data: what it is called, what it shows, what it is sorted and exported by.
#pragma once

#include "models/roles.h"
#include "monitor/core/units.h"

#include <QString>
#include <QVariant>

namespace models {

enum class Align { Left, Right, Center };

// One column. The functions are pure; `text` is for people, `sort` a number in base units or a plain text.
template <class Row>
struct Column {
    const char* id;    // stable: CSV head, saved widths
    const char* title; // QT_TRANSLATE_NOOP("models", …)
    Align align = Align::Left;
    core::Unit unit = core::Unit::None; // of `sort`
    QString (*text)(const Row&) = nullptr;
    QVariant (*sort)(const Row&) = nullptr; // nullptr: the text
    Level (*level)(const Row&) = nullptr;   // nullptr: none
    bool progress = false;                  // shows the row's ProgressRole
    QVariant (*raw)(const Row&) = nullptr;  // for CSV; nullptr: as `sort`
};

} // namespace models
