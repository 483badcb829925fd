#include "widgets/dialogs/rule_preview.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/charts/chart_widget.h"
#include "widgets/explore/query_run.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QScrollArea>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kColors = 4;
constexpr std::size_t kTold = 5; // firings that are listed

StatusLevel levelOf(metrics::Severity severity)
{
    return severity == metrics::Severity::Critical ? StatusLevel::Critical : StatusLevel::Warning;
}

// The distance of samples: of the first pair.
qint64 stepOf(const metrics::RuleTrial& trial)
{
    for (const metrics::PointSeries& series : trial.watched) {
        if (series.points.size() > 1) {
            return std::max<qint64>(series.points[1].at - series.points[0].at, 1);
        }
    }
    return 1000;
}

QLabel* label(QWidget* parent, const char* name)
{
    auto* label = new QLabel(parent);
    label->setObjectName(QString::fromLatin1(name));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

RulePreview::RulePreview(QWidget* parent)
    : QWidget(parent)
    , m_chart(new ChartWidget(
          {tr("What the rule watches"), core::Unit::None, std::nullopt, {}, Density::Full}, this))
    , m_verdict(label(this, "rule.verdict"))
    , m_texts(label(this, "rule.texts"))
{
    m_verdict->setProperty("role", QStringLiteral("title"));
    m_texts->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_chart->setCrosshair(&m_crosshair);
    m_chart->setEmptyText(tr("What the expression gives is drawn here."));
    m_chart->setMinimumHeight(220);
    connect(m_chart, &ChartWidget::thresholdMoved, this,
            [this](const Threshold&, double value) { Q_EMIT thresholdMoved(value); });
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_texts);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setProperty("role", QStringLiteral("page"));
    m_texts->setAutoFillBackground(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_chart, 3);
    layout->addWidget(m_verdict);
    layout->addWidget(scroll, 2);
}

void RulePreview::setStale()
{
    m_verdict->setText(tr("Trying it on the past …"));
}

void RulePreview::show(const metrics::RuleTrial& trial, const QString& name, metrics::Severity severity)
{
    draw(trial, name, severity);
    tell(trial);
}

void RulePreview::draw(const metrics::RuleTrial& trial, const QString& name, metrics::Severity severity)
{
    ChartSpec spec = m_chart->model().spec;
    spec.unit = trial.unit;
    spec.series.clear();
    for (std::size_t i = 0; i < trial.watched.size(); ++i) {
        spec.series.push_back(
            {seriesTitle(trial.watched[i], tr("value")), static_cast<int>(i) % kColors, LineStyle::Line});
    }
    m_chart->setSpec(spec);
    const qint64 step = stepOf(trial);
    m_chart->setInterval(step);
    for (std::size_t i = 0; i < trial.watched.size(); ++i) {
        SampleBuffer& samples = m_chart->samples(i);
        samples.clear();
        for (const metrics::Point& point : trial.watched[i].points) {
            samples.append(point.at, point.value, step * 5 / 2);
        }
    }
    std::vector<Threshold> thresholds;
    const bool above = trial.op.empty() || trial.op.front() == '>';
    if (trial.threshold) {
        thresholds.push_back({*trial.threshold, levelOf(severity), above, name, metrics::RuleKey{}, 1});
    }
    if (trial.clear) {
        thresholds.push_back({*trial.clear, StatusLevel::Ok, !above, tr("clear level"), {}, 1});
    }
    m_chart->setThresholds(std::move(thresholds));
    std::vector<ChartMark> marks;
    for (const metrics::RuleTrial::Firing& firing : trial.firings) {
        marks.push_back({firing.from, QStringLiteral("▲ ") + name, StatusLevel::Warning});
        if (!firing.open) {
            marks.push_back({firing.to, QStringLiteral("● ") + name, StatusLevel::Ok});
        }
    }
    std::stable_sort(marks.begin(), marks.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    m_chart->setMarks(std::move(marks));
    m_chart->setWindow(trial.to, std::max<qint64>(trial.to - trial.from, 1000), ChartWidget::Edge::Fixed);
    m_chart->refresh();
}

void RulePreview::tell(const metrics::RuleTrial& trial)
{
    if (!trial.problem.empty()) {
        m_verdict->setText(tr("This cannot be a rule yet"));
        m_texts->setText(trial.where == "expr" ? QString() : models::text(trial.problem));
        return;
    }
    core::Nanos whole{0};
    QStringList lines;
    for (const metrics::RuleTrial::Firing& firing : trial.firings) {
        whole += core::Millis(firing.to - firing.from);
    }
    const QString span = models::spanText(core::Millis(trial.to - trial.from));
    const auto count = static_cast<int>(trial.firings.size());
    m_verdict->setText(
        count == 0   ? tr("Would not have fired in the last %1").arg(span)
        : count == 1 ? tr("Would have fired once in the last %1, for %2").arg(span, models::spanText(whole))
                     : tr("Would have fired %1 times in the last %2, for %3 altogether")
                           .arg(count)
                           .arg(span, models::spanText(whole)));
    for (std::size_t i = trial.firings.size() - std::min(trial.firings.size(), kTold);
         i < trial.firings.size(); ++i) {
        const metrics::RuleTrial::Firing& firing = trial.firings[i];
        const QString since = models::Zone::of().full(core::WallTime(core::Millis(firing.from)));
        lines << QStringLiteral("▲ ") +
                     (firing.open ? tr("%1, and still firing").arg(since)
                                  : tr("%1, for %2")
                                        .arg(since, models::spanText(core::Millis(firing.to - firing.from))));
    }
    if (trial.pending > 0) {
        lines << QStringLiteral("◔ ") +
                     (trial.pending == 1 ? tr("Began to wait once and did not last")
                                         : tr("Began to wait %1 times and did not last").arg(trial.pending));
    }
    if (trial.left > 0) {
        lines << tr("Further series, tried and not drawn: %1").arg(trial.left);
    }
    if (!trial.texts.empty()) {
        lines << QString() << tr("With the value of now it would say:");
    }
    for (const metrics::RuleTrial::Text& text : trial.texts) {
        if (!text.name.starts_with("poolscope_")) {
            lines << models::text(text.name) + QStringLiteral(": ") + models::text(text.text);
        }
    }
    for (const std::string& note : trial.notes) {
        lines << QStringLiteral("! ") + models::text(note);
    }
    m_texts->setText(lines.join(QLatin1Char('\n')));
}

} // namespace widgets
