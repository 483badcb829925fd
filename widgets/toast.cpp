#include "widgets/toast.h"

#include "widgets/theme.h"

#include <QEvent>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>

#include <algorithm>
#include <chrono>
#include <utility>

namespace widgets {

namespace {

constexpr std::chrono::milliseconds kShown{4000};
constexpr std::chrono::milliseconds kShownWhenBusy{1000};
constexpr std::chrono::milliseconds kOffered{10'000};
constexpr int kMostWaiting = 5; // the oldest give way
constexpr int kMostWidth = 460;

} // namespace

Toast::Toast(QWidget* window)
    : QLabel(window)
    , m_act(new QPushButton(this))
    , m_key(new QShortcut(QKeySequence::Undo, window))
{
    m_act->setObjectName(QStringLiteral("toast.act"));
    m_act->setCursor(Qt::PointingHandCursor);
    m_act->hide();
    m_key->setEnabled(false);
    const auto act = [this] {
        const std::function<void()> offered = std::exchange(m_offered, {});
        m_timer.stop();
        next();
        if (offered) {
            offered();
        }
    };
    connect(m_act, &QPushButton::clicked, this, act);
    connect(m_key, &QShortcut::activated, this, act);
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Toast::next);
    window->installEventFilter(this);
    hide();
}

void Toast::tell(const QString& text)
{
    if (m_waiting.size() >= kMostWaiting) {
        m_waiting.dequeue();
    }
    m_waiting.enqueue(text);
    if (!isVisible()) {
        next();
    }
}

void Toast::offer(const QString& text, const QString& verb, std::function<void()> act)
{
    m_offered = std::move(act);
    m_act->setText(verb);
    m_act->setAccessibleName(verb);
    m_act->setToolTip(verb + QStringLiteral(" (Ctrl+Z)"));
    m_act->show();
    m_key->setEnabled(true);
    setText(text);
    setAccessibleName(text);
    place();
    show();
    raise();
    m_timer.start(kOffered);
}

void Toast::withdraw()
{
    m_offered = {};
    m_act->hide();
    m_key->setEnabled(false);
}

void Toast::next()
{
    withdraw();
    if (m_waiting.isEmpty()) {
        hide();
        return;
    }
    setText(m_waiting.dequeue());
    setAccessibleName(text());
    place();
    show();
    raise();
    m_timer.start(m_waiting.isEmpty() ? kShown : kShownWhenBusy);
}

void Toast::place()
{
    const QWidget* window = parentWidget();
    const int most = std::min(kMostWidth, window->width() - 4 * space::kLarge);
    const bool acts = !m_act->isHidden();
    const QSize button = acts ? m_act->sizeHint() : QSize();
    const int right = space::kLarge + (acts ? button.width() + space::kMedium : 0);
    setContentsMargins(space::kLarge, space::kMedium, right, space::kMedium);
    const int text = fontMetrics().horizontalAdvance(this->text()) + space::kLarge + right + 2;
    const int width = std::min(text, most);
    resize(width, std::max(heightForWidth(width), acts ? button.height() + space::kMedium : 0));
    m_act->setGeometry(this->width() - button.width() - space::kMedium, (height() - button.height()) / 2,
                       button.width(), button.height());
    move(window->width() - this->width() - space::kLarge, window->height() - height() - 3 * space::kLarge);
}

bool Toast::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    return QLabel::eventFilter(watched, event);
}

void Toast::paintEvent(QPaintEvent* event)
{
    const Palette& palette = Theme::of().palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette.accent);
    painter.setBrush(palette.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), space::kRadius, space::kRadius);
    painter.end();
    QLabel::paintEvent(event);
}

void Toast::mousePressEvent(QMouseEvent* event)
{
    Q_UNUSED(event)
    m_timer.stop();
    next();
}

} // namespace widgets
