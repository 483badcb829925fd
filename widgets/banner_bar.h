// Lasting troubles at the top of the content: cause, since when, next try, what can be done. One line each;
// nothing here ever blocks.
#pragma once

#include "monitor/metrics/snapshot.h"

#include <QFrame>
#include <QString>

#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace widgets {

class Banner final : public QFrame {
    Q_OBJECT
public:
    explicit Banner(const QString& id, QWidget* parent = nullptr);
    void show(const metrics::Banner& banner, core::WallTime now);
    // What was tells no more of a next try, and cannot be tried again.
    void setPast();
    [[nodiscard]] QString id() const { return m_id; }

Q_SIGNALS:
    void retryAsked();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();
    QString m_id;
    bool m_critical = false;
    bool m_past = false;
    QLabel* m_text;
    QLabel* m_when;
    QLabel* m_detail;
    QPushButton* m_retry;
    QPushButton* m_more;
};

class BannerBar final : public QWidget {
    Q_OBJECT
public:
    explicit BannerBar(QWidget* parent = nullptr);
    // Banners keep their place and whether their details are open.
    void showSnapshot(const metrics::Snapshot& snapshot);
    // All that is shown is a recording's: nothing can be tried again.
    void setPast() { m_past = true; }

Q_SIGNALS:
    void retryAsked();

private:
    bool m_past = false;
    QVBoxLayout* m_layout;
    std::vector<Banner*> m_banners;
};

} // namespace widgets
