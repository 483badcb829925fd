// A short word at the lower right that goes by itself: outcomes that need no answer.
#pragma once

#include <QLabel>
#include <QQueue>
#include <QTimer>

namespace widgets {

class Toast final : public QLabel {
    Q_OBJECT
public:
    explicit Toast(QWidget* window);
    // One after another, four seconds each (one when more wait).
    void tell(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void next();
    void place();
    QQueue<QString> m_waiting;
    QTimer m_timer;
};

} // namespace widgets
