#include "models/log_filter.h"

#include "models/log_model.h"
#include "models/roles.h"
#include "models/text.h"

namespace models {

LogFilter::LogFilter(LogModel& log, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_log(log)
{
    setSortRole(SortRole);
    setSourceModel(&log);
}

void LogFilter::setMinimum(metrics::LogLevel level)
{
    if (level != m_minimum) {
        m_minimum = level;
        invalidateRowsFilter();
    }
}

void LogFilter::setPattern(const QString& pattern)
{
    m_text = pattern;
    m_problem.clear();
    m_expression = QRegularExpression();
    const QLatin1Char slash('/');
    if (pattern.size() > 2 && pattern.startsWith(slash) && pattern.endsWith(slash)) {
        const QRegularExpression expression(pattern.mid(1, pattern.size() - 2),
                                            QRegularExpression::CaseInsensitiveOption);
        if (expression.isValid()) {
            m_expression = expression;
            m_expression.optimize();
            m_text.clear();
        } else {
            m_problem = expression.errorString();
        }
    }
    invalidateRowsFilter();
}

QString LogFilter::problem() const
{
    return m_problem;
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    Q_UNUSED(parent)
    const metrics::LogEntry& entry = m_log.at(row);
    if (entry.level < m_minimum) {
        return false;
    }
    if (!m_expression.pattern().isEmpty()) {
        return m_expression.match(text(entry.text)).hasMatch() ||
               m_expression.match(text(entry.logger)).hasMatch();
    }
    return m_text.isEmpty() || text(entry.text).contains(m_text, Qt::CaseInsensitive) ||
           text(entry.logger).contains(m_text, Qt::CaseInsensitive);
}

} // namespace models
