// The answers of several expressions at one moment, as a table.
#pragma once

#include "widgets/explore/query_run.h"

#include <QAbstractTableModel>

namespace widgets {

// Main thread only. Sorting and CSV use raw values.
class AnswerModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Expression, Series, Value };
    using QAbstractTableModel::QAbstractTableModel;
    void show(const QueryAnswers& answers, const std::vector<QString>& letters);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString letter;
        QString series;
        double value = 0;
    };
    std::vector<Row> m_rows;
};

} // namespace widgets
