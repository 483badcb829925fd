#include "widgets/record_bar.h"

#include "models/text.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include <chrono>

namespace widgets {

namespace {

using Phase = metrics::RecordingState::Phase;

} // namespace

RecordBar::RecordBar(const RecordCommands& commands, QWidget* parent)
    : QFrame(parent)
    , m_commands(commands)
    , m_text(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_save(new QPushButton(this))
    , m_cancel(new QPushButton(this))
{
    setProperty("role", QStringLiteral("playback"));
    setObjectName(QStringLiteral("record"));
    m_text->setTextFormat(Qt::PlainText);
    m_progress->setRange(0, 100);
    m_progress->setMaximumWidth(200);
    m_save->setProperty("kind", QStringLiteral("primary"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::kLarge, 5, space::kLarge, 5);
    row->setSpacing(space::kMedium);
    row->addWidget(m_text);
    row->addWidget(m_progress);
    row->addStretch(1);
    row->addWidget(m_save);
    row->addWidget(m_cancel);
    for (QPushButton* button : {m_save, m_cancel}) {
        button->setFocusPolicy(Qt::TabFocus);
    }
    connect(m_save, &QPushButton::clicked, this, &RecordBar::saveAsked);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_commands.cancel();
        look();
    });
    connect(&m_timer, &QTimer::timeout, this, &RecordBar::look);
    m_timer.setInterval(std::chrono::milliseconds(500));
    show({});
}

void RecordBar::look()
{
    if (m_commands.state) {
        show(m_commands.state());
    }
}

void RecordBar::show(const metrics::RecordingState& state)
{
    m_state = state;
    const bool goesOn = state.phase != Phase::Idle;
    setVisible(goesOn);
    if (goesOn != m_timer.isActive()) {
        goesOn ? m_timer.start() : m_timer.stop();
    }
    m_progress->setVisible(state.phase == Phase::Writing);
    m_progress->setValue(static_cast<int>(state.progress * 100));
    m_save->setVisible(state.phase == Phase::Recording);
    retranslate();
}

void RecordBar::retranslate()
{
    const auto span = std::chrono::floor<std::chrono::seconds>(core::SystemClock::instance().wallNow() - m_state.since);
    if (m_state.phase == Phase::Writing) {
        m_text->setText(tr("The recording is being written"));
    } else if (m_state.stoppedAtCap) {
        m_text->setText(tr("The recording is as large as it may be: save it"));
    } else {
        m_text->setText(QChar(0x25cf) + QLatin1Char(' ') + tr("Recording for %1").arg(models::spanText(span)));
    }
    m_save->setText(tr("Stop and save…"));
    m_cancel->setText(m_state.phase == Phase::Writing ? tr("Cancel") : tr("Discard"));
}

void RecordBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QFrame::changeEvent(event);
}

} // namespace widgets
