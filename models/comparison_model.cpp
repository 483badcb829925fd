#include "models/comparison_model.h"

#include "models/text.h"
#include "monitor/core/units.h"

#include <array>
#include <cmath>
#include <string_view>

namespace models {

namespace {

using Row = metrics::SeriesDifference;
using metrics::Verdict;

// By what Prometheus' conventions say of the name's end.
core::Unit unitOf(const Row& row)
{
    const std::string_view name = std::string_view(row.name).substr(0, row.name.find('{'));
    if (row.rate) {
        return name.ends_with("_bytes_total") ? core::Unit::BytesPerSecond : core::Unit::None;
    }
    return name.ends_with("_seconds") ? core::Unit::Seconds
           : name.ends_with("_bytes") ? core::Unit::Bytes
           : name.ends_with("_ratio") ? core::Unit::Ratio
                                      : core::Unit::None;
}

// Small ones keep their figures: 0.0023, not 0.00.
QString number(double value, core::Unit unit)
{
    return unit == core::Unit::None && value != 0 && std::abs(value) < 0.01 ? QString::number(value, 'g', 2)
                                                                            : valueText(value, unit);
}

QString verdictText(const Row& row)
{
    switch (row.verdict) {
    case Verdict::Differs:
        return QCoreApplication::translate("models", "differs");
    case Verdict::Noise:
        return QCoreApplication::translate("models", "no more than noise");
    case Verdict::TooShort:
        break;
    }
    return QCoreApplication::translate("models", "too short to tell");
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
    return number(side.mean, unitOf(row)) + QStringLiteral(" ± ") + number(side.deviation, unitOf(row));
}

QString pairText(const Row& row, double before, double after)
{
    return number(before, unitOf(row)) + QStringLiteral(" → ") + number(after, unitOf(row));
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
