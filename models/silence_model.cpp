#include "models/silence_model.h"

#include "models/text.h"
#include "models/zone.h"

#include <QStringList>

#include <array>

namespace models {

QString word(metrics::SilenceState state)
{
    switch (state) {
    case metrics::SilenceState::Pending:
        return QCoreApplication::translate("models", "to come");
    case metrics::SilenceState::Active:
        return QCoreApplication::translate("models", "active");
    case metrics::SilenceState::Expired:
        return QCoreApplication::translate("models", "expired");
    }
    return {};
}

Level levelOf(metrics::SilenceState state)
{
    return state == metrics::SilenceState::Active    ? Level::NoData
           : state == metrics::SilenceState::Pending ? Level::Pending
                                                     : Level::Ok;
}

QVariant rank(metrics::SilenceState state)
{
    return QVariant(static_cast<int>(state) == 1 ? 0 : static_cast<int>(state) + 1);
}

QString matchersText(const metrics::SilenceRow& row)
{
    QStringList list;
    for (const metrics::SilenceMatcher& matcher : row.matchers) {
        list << text(metrics::matcherText(matcher));
    }
    return list.join(QStringLiteral(", "));
}

namespace {

using Row = metrics::SilenceRow;

metrics::SilenceState stateOf(const Row& row)
{
    return row.stateAt(core::SystemClock::instance().wallNow());
}

constexpr std::array<Column<Row>, 6> kColumns{{
    {"state", QT_TRANSLATE_NOOP("models", "State"), Align::Left, core::Unit::None,
     [](const Row& r) { return word(stateOf(r)); }, [](const Row& r) { return rank(stateOf(r)); },
     [](const Row& r) { return levelOf(stateOf(r)); }, false,
     [](const Row& r) { return QVariant(QString::fromLatin1(metrics::silenceStateName(stateOf(r)))); }},
    {"matchers", QT_TRANSLATE_NOOP("models", "Hides"), Align::Left, core::Unit::None, matchersText},
    {"catches", QT_TRANSLATE_NOOP("models", "Alerts"), Align::Right, core::Unit::Count,
     [](const Row& r) { return QString::number(r.catches); },
     [](const Row& r) { return QVariant(r.catches); }},
    {"ends", QT_TRANSLATE_NOOP("models", "Until"), Align::Left, core::Unit::None,
     [](const Row& r) { return Zone::of().brief(r.endsAt); },
     [](const Row& r) { return QVariant(static_cast<double>(core::epochMillis(r.endsAt)) / 1000.0); }, nullptr, false,
     nullptr, [](const Row& r) { return Zone::of().full(r.endsAt); }},
    {"by", QT_TRANSLATE_NOOP("models", "By"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.createdBy); }},
    {"comment", QT_TRANSLATE_NOOP("models", "Why"), Align::Left, core::Unit::None,
     [](const Row& r) { return text(r.comment); }},
}};

} // namespace

SilenceModel::SilenceModel(QObject* parent)
    : KeyedTableModel(
          kColumns, [](const Row& row) { return row.id; }, parent)
{
}

} // namespace models
