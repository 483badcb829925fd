// The bar with which a recording is played: play and pause, pace, a line of time with the incidents on it, back to live.
#pragma once

#include "monitor/metrics/recording_rows.h"

#include <QFrame>
#include <QSlider>

#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace widgets {

// Where one is in the recording, and where one wants to be. Incidents are spans in their severity's colour.
class SeekSlider final : public QSlider {
    Q_OBJECT
public:
    explicit SeekSlider(QWidget* parent = nullptr);
    void setSpan(qint64 from, qint64 to); // ms since the epoch
    void setMarks(std::vector<metrics::PlaybackMark> marks);
    void setMoment(qint64 at); // not while somebody drags
    [[nodiscard]] qint64 moment() const;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void sought(qint64 at);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRectF groove() const;
    [[nodiscard]] double xOf(qint64 at) const;
    [[nodiscard]] qint64 momentAt(double x) const;
    [[nodiscard]] QString textAt(qint64 at) const;

    qint64 m_from = 0;
    qint64 m_to = 1;
    std::vector<metrics::PlaybackMark> m_marks;
};

// Main thread only.
class PlaybackBar final : public QFrame {
    Q_OBJECT
public:
    explicit PlaybackBar(QWidget* parent = nullptr);
    void setMarks(std::vector<metrics::PlaybackMark> marks);
    void show(const metrics::PlaybackState& state);
    void setLiveShown(bool shown);
    // Plays, or stops where it is.
    void toggle();

Q_SIGNALS:
    void playAsked();
    void pauseAsked();
    void speedAsked(double times);
    void seekAsked(qint64 at);
    void liveAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    [[nodiscard]] QString positionText(qint64 at) const;

    metrics::PlaybackState m_state;
    QLabel* m_sign = nullptr;
    QToolButton* m_play = nullptr;
    QComboBox* m_speed = nullptr;
    SeekSlider* m_slider = nullptr;
    QLabel* m_time = nullptr;
    QPushButton* m_live = nullptr;
};

} // namespace widgets
