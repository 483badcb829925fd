#include "widgets/panels/incident_detail.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

namespace widgets {

namespace {

using metrics::Evidence;
using models::spanText;
using models::text;

// A heading and its lines; nothing when there are none.
void add(QStringList& all, const QString& heading, const QStringList& lines)
{
    if (!lines.isEmpty()) {
        all << heading;
        for (const QString& line : lines) {
            all << QStringLiteral("   ") + line;
        }
    }
}

QStringList figures(const std::vector<Evidence::Figure>& figures)
{
    QStringList lines;
    for (const Evidence::Figure& figure : figures) {
        const bool ratio = figure.name.find("ratio") != std::string::npos || figure.name == "usage";
        lines << text(figure.name) + QStringLiteral("  ") +
                     models::valueText(figure.value, ratio ? core::Unit::Ratio : core::Unit::None);
    }
    return lines;
}

// Whom it waits for; empty of one that only blocks others.
QString blockers(const Evidence::Session& session)
{
    QStringList pids;
    for (const int pid : session.blockedBy) {
        pids << QString::number(pid);
    }
    return pids.isEmpty() ? IncidentDetail::tr("blocks others")
                          : IncidentDetail::tr("waits for %1").arg(pids.join(QStringLiteral(", ")));
}

QString joined(std::initializer_list<QString> parts)
{
    QStringList full;
    for (const QString& part : parts) {
        if (!part.isEmpty()) {
            full << part;
        }
    }
    return full.join(QStringLiteral("  ·  "));
}

} // namespace

IncidentDetail::IncidentDetail(const AlertCommands* commands, QWidget* parent)
    : QFrame(parent)
    , m_commands(commands)
    , m_title(new QLabel(this))
    , m_open(new QPushButton(this))
    , m_text(new QPlainTextEdit(this))
{
    setProperty("role", QStringLiteral("detail"));
    m_title->setProperty("role", QStringLiteral("title"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setObjectName(QStringLiteral("incident.text"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->setSpacing(space::kTiny);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kMedium);
    head->addWidget(m_title, 1);
    head->addWidget(m_open, 0, Qt::AlignTop);
    m_open->setObjectName(QStringLiteral("incident.recording"));
    m_open->setVisible(m_commands != nullptr && m_commands->recordingOf);
    connect(m_open, &QPushButton::clicked, this, [this] { m_commands->openRecording(m_recording.file); });
    layout->addLayout(head);
    layout->addWidget(m_text, 1);
}

void IncidentDetail::show(const metrics::Incident& incident)
{
    if (!(incident == m_incident)) {
        m_incident = incident;
        render();
    }
    look();
}

void IncidentDetail::look()
{
    using State = IncidentRecording::State;
    if (m_commands == nullptr || !m_commands->recordingOf || m_incident.id.empty()) {
        return;
    }
    m_recording = m_commands->recordingOf(m_incident);
    const bool there = m_recording.state == State::There;
    m_open->setEnabled(there);
    m_open->setText(tr("Open its recording"));
    QString why;
    switch (m_recording.state) {
    case State::There:
        why = tr("Shows the minutes around this incident as if they were now");
        break;
    case State::Soon:
        why = tr("Its recording is saved three minutes after it fired");
        break;
    case State::Off:
        why = tr("Incidents save no recordings here (black_box in the configuration)");
        break;
    case State::Gone:
        why = tr("There is no recording: it has made room for newer ones, or could not be saved");
        break;
    }
    m_open->setToolTip(why);
    m_open->setAccessibleDescription(why);
}

void IncidentDetail::render()
{
    const metrics::Incident& it = m_incident;
    const auto& zone = models::Zone::of();
    m_title->setText(
        joined({text(it.summary.empty() ? it.rule : it.summary), tr("fired %1").arg(zone.full(it.firedAt)),
                it.open() ? QString() : tr("resolved %1").arg(zone.full(it.resolvedAt))}));
    QStringList all;
    all << joined({text(it.description), tr("worst value %1").arg(models::valueText(it.peak, it.unit)),
                   models::thresholdText(it.op, it.threshold, it.unit),
                   it.returns > 0 ? tr("came back %1 times while recovering").arg(it.returns) : QString()});
    if (!it.ackedBy.empty()) {
        all << tr("acknowledged by %1: %2").arg(text(it.ackedBy), text(it.ackNote));
    }
    const Evidence& seen = it.evidence;
    QStringList holders, waiters, sessions, slow;
    for (const Evidence::Holder& h : seen.holders) {
        holders << joined({QStringLiteral("#%1").arg(h.slot), spanText(h.heldFor), text(h.tag), text(h.site),
                           h.before.empty() ? text(h.statement) : tr("nothing runs, the last was %1").arg(text(h.before)), h.leaked ? tr("leak suspected") : QString()});
    }
    for (const Evidence::Waiter& w : seen.waiters) {
        waiters << joined({spanText(w.waitedFor), text(w.tag), text(w.site)});
    }
    for (const Evidence::Session& s : seen.sessions) {
        sessions << joined(
            {QString::number(s.pid), blockers(s), text(s.user), text(s.application), text(s.state),
             spanText(s.inStateFor), text(s.statement)});
    }
    for (const Evidence::Statement& s : seen.slow) {
        slow << joined({models::valueText(s.meanSeconds, core::Unit::Seconds), text(s.text)});
    }
    add(all, tr("Who held connections"), holders);
    add(all, tr("Who waited"), waiters);
    add(all, tr("Sessions in the way"), sessions);
    add(all, tr("Slow statements"), slow);
    QStringList responses;
    for (const metrics::ResponseNote& note : it.responses) {
        responses << joined({zone.full(note.at), text(note.text)});
    }
    add(all, tr("What responses did"), responses);
    add(all, tr("Pool"), figures(seen.pool));
    add(all, tr("Host"), figures(seen.host));
    if (!seen.server.empty()) {
        add(all, tr("Server"), {text(seen.server)});
    }
    m_text->setPlainText(all.join(QLatin1Char('\n')));
    m_text->setAccessibleName(tr("What was seen when it fired"));
}

void IncidentDetail::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        render();
        look();
    }
    QFrame::changeEvent(event);
}

} // namespace widgets
