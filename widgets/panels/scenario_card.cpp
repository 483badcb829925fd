#include "widgets/panels/scenario_card.h"

#include "models/text.h"
#include "widgets/panels/number_spin.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

StatusLevel levelOf(metrics::ScenarioState state)
{
    switch (state) {
    case metrics::ScenarioState::Ready:
    case metrics::ScenarioState::Stopped:
        return StatusLevel::NoData;
    case metrics::ScenarioState::Running:
    case metrics::ScenarioState::Stopping:
        return StatusLevel::Pending;
    case metrics::ScenarioState::Done:
        return StatusLevel::Ok;
    case metrics::ScenarioState::Failed:
        return StatusLevel::Error;
    }
    return StatusLevel::NoData;
}

} // namespace

ScenarioCard::ScenarioCard(const metrics::ScenarioRow& row, QWidget* parent)
    : Card(parent)
    , m_row(row)
    , m_description(new QLabel(this))
    , m_alerts(new QLabel(this))
    , m_live(new QLabel(this))
    , m_message(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_start(new QPushButton(this))
    , m_stop(new QPushButton(this))
{
    setObjectName(QStringLiteral("scenario.") + models::text(row.name));
    build();
    show(row);
}

void ScenarioCard::build()
{
    for (QLabel* label : {m_description, m_alerts, m_live, m_message}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_description->setProperty("role", QStringLiteral("muted"));
    m_live->setProperty("role", QStringLiteral("muted"));
    m_message->setProperty("role", QStringLiteral("warning"));
    body()->addWidget(m_description);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kLarge);
    grid->setVerticalSpacing(space::kTiny);
    grid->setColumnStretch(0, 1);
    int line = 0;
    for (const metrics::ScenarioParameter& parameter : m_row.parameters) {
        Field field{models::text(parameter.name), new QLabel(this), makeEditor(parameter)};
        grid->addWidget(field.title, line, 0);
        grid->addWidget(field.editor, line++, 1);
        m_fields.push_back(field);
    }
    body()->addLayout(grid);
    body()->addWidget(m_alerts);
    body()->addStretch(1);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    body()->addWidget(m_live);
    body()->addWidget(m_message);
    body()->addWidget(m_progress);
    m_start->setProperty("kind", QStringLiteral("primary"));
    m_start->setObjectName(objectName() + QStringLiteral(".start"));
    m_stop->setObjectName(objectName() + QStringLiteral(".stop"));
    auto* foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(m_stop);
    foot->addWidget(m_start);
    body()->addLayout(foot);
    connect(m_start, &QPushButton::clicked, this, &ScenarioCard::startAsked);
    connect(m_stop, &QPushButton::clicked, this, &ScenarioCard::stopAsked);
}

QAbstractSpinBox* ScenarioCard::makeEditor(const metrics::ScenarioParameter& parameter)
{
    const QString suffix =
        parameter.unit.empty() ? QString() : QLatin1Char(' ') + models::text(parameter.unit);
    QAbstractSpinBox* editor = nullptr;
    if (parameter.whole) {
        auto* spin = new QSpinBox(this);
        spin->setRange(static_cast<int>(parameter.minimum), static_cast<int>(parameter.maximum));
        spin->setValue(static_cast<int>(parameter.value));
        spin->setSuffix(suffix);
        editor = spin;
    } else {
        auto* spin = new NumberSpin(this);
        spin->setRange(parameter.minimum, parameter.maximum);
        spin->setValue(parameter.value);
        spin->setSuffix(suffix);
        editor = spin;
    }
    editor->setObjectName(objectName() + QLatin1Char('.') + models::text(parameter.name));
    editor->setFixedWidth(110);
    editor->setToolTip(QString::number(parameter.minimum) + QStringLiteral(" – ") +
                       QString::number(parameter.maximum) + suffix);
    return editor;
}

QMap<QString, double> ScenarioCard::values() const
{
    QMap<QString, double> all;
    for (const Field& field : m_fields) {
        const auto* whole = qobject_cast<const QSpinBox*>(field.editor);
        all.insert(field.name,
                   whole ? whole->value() : static_cast<const QDoubleSpinBox*>(field.editor)->value());
    }
    return all;
}

bool ScenarioCard::running() const
{
    return m_row.state == metrics::ScenarioState::Running || m_row.state == metrics::ScenarioState::Stopping;
}

void ScenarioCard::show(const metrics::ScenarioRow& row)
{
    m_row = row;
    setTitle(models::text(row.title));
    m_description->setText(models::text(row.description));
    for (std::size_t i = 0; i < m_fields.size() && i < row.parameters.size(); ++i) {
        m_fields[i].title->setText(models::text(row.parameters[i].title));
        m_fields[i].editor->setAccessibleName(models::text(row.title) + QStringLiteral(": ") +
                                              m_fields[i].title->text());
        m_fields[i].editor->setEnabled(!running());
    }
    showAlerts();
    showState();
    update();
}

QString ScenarioCard::progressText() const
{
    QString text = tr("%1 of %2 · %3 requests, %4 failed")
                       .arg(models::spanText(m_row.elapsed), models::spanText(m_row.duration))
                       .arg(m_row.requests)
                       .arg(m_row.failures);
    if (!m_row.phase.empty()) {
        text += QLatin1Char('\n') + models::text(m_row.phase);
    }
    return text;
}

void ScenarioCard::showState()
{
    const bool everRun = m_row.state != metrics::ScenarioState::Ready;
    setNote(models::word(m_row.state) + QStringLiteral("     ")); // room for the shape
    m_live->setText(everRun ? progressText() : QString());
    m_live->setVisible(everRun);
    m_message->setText(models::text(m_row.message));
    m_message->setVisible(!m_row.message.empty());
    m_progress->setVisible(running());
    m_progress->setValue(static_cast<int>(std::lround(std::clamp(m_row.progress, 0.0, 1.0) * 1000)));
    m_progress->setAccessibleName(tr("Progress of %1").arg(models::text(m_row.title)));
    m_start->setText(tr("Start"));
    m_start->setAccessibleName(tr("Start %1").arg(models::text(m_row.title)));
    m_start->setEnabled(m_row.available);
    m_start->setVisible(!running());
    m_stop->setText(m_row.state == metrics::ScenarioState::Stopping ? tr("Stopping…") : tr("Stop"));
    m_stop->setAccessibleName(tr("Stop %1").arg(models::text(m_row.title)));
    m_stop->setEnabled(m_row.state == metrics::ScenarioState::Running);
    m_stop->setVisible(running());
}

void ScenarioCard::showAlerts()
{
    QStringList parts;
    const bool judged = m_row.state != metrics::ScenarioState::Ready;
    const auto has = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const std::string& name : m_row.expectedAlerts) {
        const QString sign = !judged                       ? QStringLiteral("○\u00a0")
                             : has(m_row.seenAlerts, name) ? QStringLiteral("✓\u00a0")
                             : running()                   ? QStringLiteral("…\u00a0")
                                                           : QStringLiteral("✗\u00a0");
        parts += sign + models::text(name);
    }
    QString text =
        parts.isEmpty() ? tr("Expects no alerts") : tr("Expects: %1").arg(parts.join(QStringLiteral("   ")));
    QStringList surplus;
    for (const std::string& name : m_row.seenAlerts) {
        if (!has(m_row.expectedAlerts, name)) {
            surplus += models::text(name);
        }
    }
    if (!surplus.isEmpty()) {
        text += QLatin1Char('\n') + tr("Seen besides: %1").arg(surplus.join(QStringLiteral("   ")));
    }
    m_alerts->setText(text);
}

void ScenarioCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        show(m_row);
    }
    Card::changeEvent(event);
}

void ScenarioCard::paintEvent(QPaintEvent* event)
{
    Card::paintEvent(event);
    QPainter painter(this);
    const StatusLevel level = levelOf(m_row.state);
    const int top = head()->geometry().center().y();
    Theme::drawShape(painter, QRectF(width() - space::kLarge - 8, top - 4, 10, 10), level,
                     Theme::of().color(level));
}

} // namespace widgets
