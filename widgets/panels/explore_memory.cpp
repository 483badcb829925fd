// ExplorePanel: what it remembers of expressions, and what it knows of their units.
#include "models/query_text.h"
#include "models/text.h"
#include "widgets/explore/expression_row.h"
#include "widgets/explore/target_pick.h"
#include "widgets/panels/explore_panel.h"

#include <QAction>
#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QSignalBlocker>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

namespace widgets {

namespace {

constexpr qsizetype kMostState = 64 * 1024;
constexpr int kMenuWidth = 480; // px
constexpr qint64 kSoonest = 900; // ms between two answers

} // namespace

core::Unit ExplorePanel::unitOf(const QueryRun& run) const
{
    const auto known = [this](const QString& name) -> std::optional<core::Unit> {
        std::string metric = name.toStdString();
        for (const char* suffix : {"", "_bucket", "_sum", "_count"}) {
            if (metric.ends_with(suffix)) {
                const auto base = std::string_view(metric).substr(0, metric.size() - std::strlen(suffix));
                if (const metrics::Family* family = m_snapshot ? m_snapshot->find(base) : nullptr) {
                    return std::string_view(suffix) == "_count" ? core::Unit::Count : family->def->unit;
                }
            }
        }
        return std::nullopt;
    };
    std::optional<core::Unit> unit;
    for (const QString& expression : run.expressions) {
        if (!expression.isEmpty()) {
            const core::Unit one = models::queryUnit(expression, known);
            unit = unit && *unit != one ? core::Unit::None : one;
        }
    }
    return unit.value_or(core::Unit::None);
}

void ExplorePanel::remember()
{
    for (auto row = m_rows.rbegin(); row != m_rows.rend(); ++row) {
        if (const QString text = (*row)->edit()->text(); !text.isEmpty() && (*row)->problem().isEmpty()) {
            m_history.removeAll(text);
            m_history.prepend(text);
        }
    }
    m_history = m_history.mid(0, kMostRemembered);
}

void ExplorePanel::fillHistory()
{
    m_pastMenu->clear();
    for (const QString& expression : m_history) {
        QString shown = expression.simplified();
        shown =
            fontMetrics().elidedText(shown.replace(u'&', QStringLiteral("&&")), Qt::ElideRight, kMenuWidth);
        m_pastMenu->addAction(shown, this, [this, expression] {
            ExpressionRow* row = m_rows.back();
            for (ExpressionRow* other : m_rows) {
                row = other->edit()->hasFocus() || other->edit()->text().isEmpty() ? other : row;
            }
            row->edit()->setPlainText(expression);
            run();
        });
    }
    if (m_history.isEmpty()) {
        m_pastMenu->addAction(tr("Nothing was asked yet"))->setEnabled(false);
    }
}

const metrics::QuerySource* ExplorePanel::source() const
{
    const auto index = static_cast<std::size_t>(std::max(m_source->currentIndex(), 0));
    return index == 0 || index > m_sources.size() ? nullptr : m_sources[index - 1];
}

// What was chosen stays by its name.
void ExplorePanel::offerSources(const std::vector<const metrics::QuerySource*>& sources)
{
    const QString before = source() != nullptr ? models::text(source()->name()) : QString();
    const QSignalBlocker quiet(m_source);
    while (m_source->count() > 1) {
        m_source->removeItem(m_source->count() - 1);
    }
    m_sources = sources;
    for (const metrics::QuerySource* one : m_sources) {
        m_source->addItem(models::text(one->name()));
    }
    m_source->setCurrentIndex(before.isEmpty() ? 0 : std::max(m_source->findText(before), 0));
    m_source->setVisible(!m_sources.empty());
}

const metrics::Querier* ExplorePanel::querier() const
{
    if (source() != nullptr) {
        return source();
    }
    return context().past != nullptr ? context().past : context().querier;
}

void ExplorePanel::chooseSource(const QString& name)
{
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        if (models::text(m_sources[i]->name()) == name) {
            m_source->setCurrentIndex(static_cast<int>(i) + 1);
        }
    }
}

// ms between two answers: a server has nothing new before its next sample.
qint64 ExplorePanel::pace() const
{
    return std::max<qint64>(kSoonest, source() != nullptr ? source()->leastStep() : 0);
}

// Where the answer is from, how fine it is, and what the server said about it.
QString ExplorePanel::origin(const QueryRun& run) const
{
    QString text = m_source->itemText(m_source->currentIndex());
    const metrics::SourceNews news = source() != nullptr ? source()->news() : metrics::SourceNews();
    if (!news.flavour.empty()) {
        text += QStringLiteral(" (%1)").arg(models::text(news.flavour));
    }
    if (run.mode == QueryRun::Mode::Chart) {
        text = tr("%1, a value every %2").arg(text, models::spanText(std::chrono::milliseconds(run.step)));
    }
    for (const std::string& warning : news.warnings) {
        text += QStringLiteral(" · ⚠ ") + models::text(warning);
    }
    return text;
}

QByteArray ExplorePanel::state() const
{
    QJsonArray expressions;
    for (const ExpressionRow* row : m_rows) {
        expressions.append(row->edit()->text());
    }
    const QJsonObject all{{"expressions", expressions},
                          {"history", QJsonArray::fromStringList(m_history)},
                          {"source", source() != nullptr ? models::text(source()->name()) : QString()},
                          {"target", m_target->choice()},
                          {"table", m_mode == QueryRun::Mode::Table}};
    return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

void ExplorePanel::restoreState(const QByteArray& state)
{
    if (state.size() > kMostState) {
        return;
    }
    const QJsonObject all = QJsonDocument::fromJson(state).object();
    const QJsonArray expressions = all["expressions"].toArray();
    for (int i = 0; i < std::min<int>(kMostRows, static_cast<int>(expressions.size())); ++i) {
        ExpressionRow* row =
            i < static_cast<int>(m_rows.size()) ? m_rows[static_cast<std::size_t>(i)] : addRow();
        row->edit()->setPlainText(expressions.at(i).toString());
    }
    for (const QJsonValue& past : all["history"].toArray()) {
        if (past.isString() && m_history.size() < kMostRemembered) {
            m_history.append(past.toString());
        }
    }
    chooseSource(all["source"].toString());
    m_target->setChoice(all["target"].toString());
    setMode(all["table"].toBool() ? QueryRun::Mode::Table : QueryRun::Mode::Chart);
}

} // namespace widgets
