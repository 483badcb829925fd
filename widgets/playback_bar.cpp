#include "widgets/playback_bar.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/combo_box.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace widgets {

namespace {

constexpr std::array kSpeeds{0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0};
constexpr int kIcon = 14; // px

// A triangle, or two bars: drawn, so that they have the theme's colour.
QIcon playIcon(bool playing)
{
    QPixmap picture(2 * kIcon, 2 * kIcon);
    picture.setDevicePixelRatio(2);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::of().palette().text);
    if (playing) {
        painter.drawRect(QRectF(3, 2, 3, 10));
        painter.drawRect(QRectF(8, 2, 3, 10));
    } else {
        painter.drawPolygon(QPolygonF({{3, 1.5}, {12, 7}, {3, 12.5}}));
    }
    return QIcon(picture);
}

QString spanOf(qint64 millis)
{
    const std::chrono::seconds whole(std::max<qint64>(millis, 0) / 1000);
    return whole.count() == 0 ? QStringLiteral("0 s") : models::spanText(whole);
}

} // namespace

PlaybackBar::PlaybackBar(QWidget* parent)
    : QFrame(parent)
{
    setProperty("role", QStringLiteral("playback"));
    setObjectName(QStringLiteral("playback"));
    build();
    connect(m_play, &QToolButton::clicked, this, &PlaybackBar::toggle);
    connect(m_speed, &QComboBox::activated, this,
            [this](int index) { Q_EMIT speedAsked(m_speed->itemData(index).toDouble()); });
    connect(m_slider, &SeekSlider::sought, this, &PlaybackBar::seekAsked);
    connect(m_slider, &QSlider::valueChanged, this,
            [this] { m_time->setText(positionText(m_slider->moment())); });
    connect(m_live, &QPushButton::clicked, this, &PlaybackBar::liveAsked);
    connect(&Theme::of(), &Theme::changed, this, [this] { show(m_state); });
    connect(&models::Zone::of(), &models::Zone::changed, this, [this] { show(m_state); });
    retranslate();
}

void PlaybackBar::build()
{
    m_sign = new QLabel(this);
    m_sign->setProperty("role", QStringLiteral("title"));
    m_sign->setTextFormat(Qt::PlainText);
    m_play = new QToolButton(this);
    m_play->setObjectName(QStringLiteral("playback.play"));
    m_play->setIconSize({kIcon, kIcon});
    m_speed = new ComboBox(this);
    m_speed->setObjectName(QStringLiteral("playback.speed"));
    for (const double speed : kSpeeds) {
        m_speed->addItem(QString::number(speed) + QChar(0x00d7), speed);
    }
    m_slider = new SeekSlider(this);
    m_slider->setObjectName(QStringLiteral("playback.slider"));
    m_time = new QLabel(this);
    m_time->setTextFormat(Qt::PlainText);
    m_live = new QPushButton(this);
    m_live->setObjectName(QStringLiteral("playback.live"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::kLarge, 6, space::kLarge, 6);
    row->setSpacing(space::kMedium);
    row->addWidget(m_sign);
    row->addWidget(m_play);
    row->addWidget(m_speed);
    row->addWidget(m_slider, 1);
    row->addWidget(m_time);
    row->addWidget(m_live);
    for (QWidget* one : {static_cast<QWidget*>(m_play), static_cast<QWidget*>(m_live)}) {
        one->setFocusPolicy(Qt::TabFocus);
    }
}

void PlaybackBar::toggle()
{
    if (m_state.playing) {
        Q_EMIT pauseAsked();
    } else {
        Q_EMIT playAsked();
    }
}

void PlaybackBar::setLiveShown(bool shown)
{
    m_live->setVisible(shown);
}

void PlaybackBar::setMarks(std::vector<metrics::PlaybackMark> marks)
{
    m_slider->setMarks(std::move(marks));
}

QString PlaybackBar::positionText(qint64 at) const
{
    return models::Zone::of().full(core::WallTime(core::Millis(at))) +
           QStringLiteral("  %1 / %2").arg(spanOf(at - m_state.from), spanOf(m_state.to - m_state.from));
}

void PlaybackBar::show(const metrics::PlaybackState& state)
{
    m_state = state;
    m_play->setIcon(playIcon(state.playing));
    const auto nearest = std::min_element(kSpeeds.begin(), kSpeeds.end(), [&](double a, double b) {
        return std::abs(a - state.speed) < std::abs(b - state.speed);
    });
    m_speed->setCurrentIndex(static_cast<int>(nearest - kSpeeds.begin()));
    m_slider->setSpan(state.from, state.to);
    if (!state.seeking) {
        m_slider->setMoment(state.at);
    }
    m_time->setText(state.problem.empty() ? positionText(m_slider->moment()) : models::text(state.problem));
    retranslate();
}

void PlaybackBar::retranslate()
{
    m_sign->setText(tr("Recording"));
    m_sign->setToolTip(models::text(m_state.title));
    m_play->setToolTip(m_state.playing ? tr("Stop here (P)") : tr("Play on (P)"));
    m_play->setAccessibleName(m_state.playing ? tr("Stop here (P)") : tr("Play on (P)"));
    m_speed->setToolTip(tr("How many times as fast as it happened"));
    m_speed->setAccessibleName(m_speed->toolTip());
    m_slider->setAccessibleName(tr("Moment of the recording"));
    m_live->setText(tr("Back to live"));
}

void PlaybackBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QFrame::changeEvent(event);
}

} // namespace widgets
