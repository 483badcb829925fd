// What a table can be asked besides its text.
#pragma once

#include <Qt>

namespace models {

// How well something is. The window gives each its colour, shape and word (widgets/theme).
enum class Level { None, Ok, Pending, Warning, Critical, NoData, Error };

enum Role : int {
    SortRole = Qt::UserRole + 1, // a number in base units, or a text: what sorting compares
    RawRole,                     // what CSV gets: a number in base units, or a word that no language changes
    LevelRole,                   // int(Level); absent where the column has none
    ProgressRole,                // 0..1; absent where nothing is under way
    SlotRole,                    // int: the number of the pool's place
    SlotStateRole,               // int(metrics::SlotState)
    OverflowRole,                // bool: the slot is beyond pool_size
    NameRole                     // QString: the row's name (alert, rule, source)
};

} // namespace models
