#include "models/comparison_model.h"

#include "models/text.h"
#include "monitor/core/units.h"

#include <array>
#include <cmath>

namespace models {

namespace {

using Row = metrics::SeriesDifference;
using metrics::Verdict;

QString number(const Row& row, double value)
{
    return text(row.text(value));
}

QString verdictText(const Row& row)
{
    switch (row.verdict) {
    case Verdict::Differs:
        return QCoreApplication::translate("models", "differs");
    case Verdict::Noise:
        return QCoreApplication::translate("models", "noise");
    case Verdict::TooShort:
        break;
    }
    return QCoreApplication::translate("models", "too short");
}

QString changeText(const Row& row)
{
    const double share = row.relative();
    if (!std::isfinite(share)) {
        return QStringLiteral("–");
    }
    return (share > 0 ? QStringLiteral("+") : QString()) + valueText(share, core::Unit::Ratio);
}

// "3.2 ± 0.4": mean and standard deviation.
QString spreadText(const Row& row, const metrics::Summary& side)
{
    return number(row, side.mean) + QStringLiteral(" ± ") + number(row, side.deviation);
}

QString pairText(const Row& row, double before, double after)
{
    return number(row, before) + QStringLiteral(" → ") + number(row, after);
}

constexpr std::array<Column<Row>, 9> kColumns{{
    {"verdict", QT_TRANSLATE_NOOP("models", "Verdict"), Align::Left, core::Unit::None, verdictText,
     [](const Row& r) { return QVariant(static_cast<int>(r.verdict)); }},
    {"series", QT_TRANSLATE_NOOP("models", "Series"), Align::Left, core::Unit::None,
     [](const Row& r) -> QString {
         return text(r.name) + (r.rate ? QCoreApplication::translate("models", " per second") : QString());
     }},
    {"change", QT_TRANSLATE_NOOP("models", "Change"), Align::Right, core::Unit::Ratio, changeText,
     [](const Row& r) { return QVariant(r.relative()); }},
    {"effect", QT_TRANSLATE_NOOP("models", "Effect"), Align::Right, core::Unit::None,
     [](const Row& r) { return QString::number(r.effect, 'f', 2); }, [](const Row& r) { return QVariant(std::abs(r.effect)); }},
    {"before", QT_TRANSLATE_NOOP("models", "Before"), Align::Right, core::Unit::None,
     [](const Row& r) { return spreadText(r, r.before); }, [](const Row& r) { return QVariant(r.before.mean); }},
    {"after", QT_TRANSLATE_NOOP("models", "After"), Align::Right, core::Unit::None,
     [](const Row& r) { return spreadText(r, r.after); }, [](const Row& r) { return QVariant(r.after.mean); }},
    {"p50", QT_TRANSLATE_NOOP("models", "Median"), Align::Right, core::Unit::None,
     [](const Row& r) { return pairText(r, r.before.p50, r.after.p50); }, [](const Row& r) { return QVariant(r.after.p50); }},
    {"p95", QT_TRANSLATE_NOOP("models", "p95"), Align::Right, core::Unit::None,
     [](const Row& r) { return pairText(r, r.before.p95, r.after.p95); }, [](const Row& r) { return QVariant(r.after.p95); }},
    {"max", QT_TRANSLATE_NOOP("models", "Maximum"), Align::Right, core::Unit::None,
     [](const Row& r) { return pairText(r, r.before.max, r.after.max); }, [](const Row& r) { return QVariant(r.after.max); }},
}};

} // namespace

ComparisonModel::ComparisonModel(QObject* parent)
    : SharedRowsModel(kColumns, parent)
{
}

} // namespace models
