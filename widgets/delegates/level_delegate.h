// A cell with a state: its shape and colour before the word, and a thin bar below it while something runs
// out.
#pragma once

#include "models/roles.h"
#include "widgets/theme.h"

#include <QStyledItemDelegate>

namespace widgets {

[[nodiscard]] StatusLevel statusOf(models::Level level) noexcept;

// Draws LevelRole and ProgressRole of the index; for slots the colour is the one of the pool strip.
class LevelDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace widgets
