#include "widgets/sound_bar.h"

#include "models/text.h"
#include "widgets/combo_box.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>

namespace widgets {

SoundBar::SoundBar(const ChannelCommands& commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_label(new QLabel(this))
    , m_when(new ComboBox(this))
    , m_from(new ComboBox(this))
    , m_play(new QPushButton(this))
{
    setObjectName(QStringLiteral("sound"));
    m_when->setObjectName(QStringLiteral("sound.when"));
    m_from->setObjectName(QStringLiteral("sound.from"));
    m_play->setObjectName(QStringLiteral("sound.play"));
    m_label->setBuddy(m_when);
    for (int i = 0; i < 3; ++i) { // texts come with the language
        m_when->addItem({}, i);
        m_from->addItem({}, i);
    }
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget* widget : {static_cast<QWidget*>(m_label), static_cast<QWidget*>(m_when),
                            static_cast<QWidget*>(m_from), static_cast<QWidget*>(m_play)}) {
        layout->addWidget(widget);
    }
    layout->addStretch(1);
    retranslate();
    const SoundChoice now = commands.sound ? commands.sound() : SoundChoice{};
    m_when->setCurrentIndex(static_cast<int>(now.when));
    m_from->setCurrentIndex(static_cast<int>(now.from));
    setEnabled(static_cast<bool>(commands.setSound));
    m_from->setEnabled(now.when != SoundChoice::When::Never);
    connect(m_when, &QComboBox::currentIndexChanged, this, &SoundBar::choose);
    connect(m_from, &QComboBox::currentIndexChanged, this, &SoundBar::choose);
    connect(m_play, &QPushButton::clicked, this,
            [this] { m_commands.playSound(static_cast<metrics::Severity>(m_from->currentIndex())); });
}

void SoundBar::choose()
{
    const SoundChoice choice{static_cast<SoundChoice::When>(m_when->currentIndex()),
                             static_cast<metrics::Severity>(m_from->currentIndex())};
    m_from->setEnabled(choice.when != SoundChoice::When::Never);
    m_commands.setSound(choice);
}

void SoundBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void SoundBar::retranslate()
{
    const QSignalBlocker when(m_when);
    const QSignalBlocker from(m_from);
    m_label->setText(tr("Sound in this window"));
    m_when->setItemText(0, tr("off"));
    m_when->setItemText(1, tr("once, when an alert fires"));
    m_when->setItemText(2, tr("again every 30 s until acknowledged"));
    m_from->setItemText(0, tr("for every severity"));
    m_from->setItemText(1, tr("from warning on"));
    m_from->setItemText(2, tr("for critical only"));
    m_play->setText(tr("Play"));
    m_play->setToolTip(tr("The sound of the severity chosen; each has one of its own"));
    m_when->setAccessibleName(m_label->text());
    m_from->setAccessibleName(tr("Severities that sound"));
}

} // namespace widgets
