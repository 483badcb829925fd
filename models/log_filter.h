// Which log lines are shown: from a level on, with a text or a regular expression in them.
#pragma once

#include "monitor/metrics/log_entry.h"

#include <QRegularExpression>
#include <QSortFilterProxyModel>

namespace models {

class LogModel;

class LogFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit LogFilter(LogModel& log, QObject* parent = nullptr);
    void setMinimum(metrics::LogLevel level);
    // Plain text (case does not matter), or /…/ for a regular expression. What is no valid expression is
    // looked for as it stands; problem() says what is wrong with it.
    void setPattern(const QString& pattern);
    [[nodiscard]] QString problem() const;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    const LogModel& m_log;
    metrics::LogLevel m_minimum = metrics::LogLevel::Info;
    QString m_text;
    QRegularExpression m_expression; // used when m_text is empty and its pattern is not
    QString m_problem;
};

} // namespace models
