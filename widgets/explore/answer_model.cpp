#include "widgets/explore/answer_model.h"

#include "models/roles.h"
#include "monitor/core/format.h"

namespace widgets {

void AnswerModel::show(const QueryAnswers& answers, const std::vector<QString>& letters)
{
    beginResetModel();
    m_rows.clear();
    for (std::size_t i = 0; i < answers.answers.size(); ++i) {
        for (const metrics::PointSeries& series : answers.answers[i].series) {
            // A range vector has several points a series: all of them are told.
            for (const metrics::Point& point : series.points) {
                m_rows.push_back(
                    {letters.at(i), seriesTitle(series, answers.run.expressions[i]), point.value});
            }
        }
    }
    endResetModel();
}

int AnswerModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AnswerModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 3;
}

QVariant AnswerModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() == Value) {
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    }
    const bool raw = role == models::SortRole || role == models::RawRole;
    if (!raw && role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    switch (static_cast<Column>(index.column())) {
    case Expression:
        return row.letter;
    case Series:
        return row.series;
    case Value:
        return raw ? QVariant(row.value) : QVariant(QString::fromStdString(core::numberText(row.value)));
    }
    return {};
}

QVariant AnswerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<Column>(section)) {
    case Expression:
        return tr("Expression");
    case Series:
        return tr("Series");
    case Value:
        return tr("Value");
    }
    return {};
}

} // namespace widgets
