// A short word at the lower right that goes by itself: outcomes that need no answer.
#pragma once

#include <QLabel>
#include <QQueue>
#include <QTimer>

#include <functional>

class QPushButton;
class QShortcut;

namespace widgets {

class Toast final : public QLabel {
    Q_OBJECT
public:
    explicit Toast(QWidget* window);
    // One after another, four seconds each (one when more wait).
    void tell(const QString& text);
    // With something that can be done about it: stays for ten seconds, at once and before all others. Ctrl+Z does it,
    // too.
    void offer(const QString& text, const QString& verb, std::function<void()> act);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void next();
    void place();
    void withdraw();
    QQueue<QString> m_waiting;
    QPushButton* m_act;
    QShortcut* m_key;
    std::function<void()> m_offered; // empty: nothing is offered
    QTimer m_timer;
};

} // namespace widgets
