// The list of panels at the left: sign, name, how many want attention. Narrow it shows signs only.
#pragma once

#include "monitor/metrics/snapshot.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QAbstractButton>
#include <QFrame>
#include <QStringList>

#include <vector>

class QLabel;
class QVBoxLayout;

namespace widgets {

class NavButton final : public QAbstractButton {
    Q_OBJECT
public:
    NavButton(Sign sign, QWidget* parent);
    void setBadge(const QString& text, StatusLevel level);
    void setNarrow(bool narrow);
    [[nodiscard]] QString badge() const { return m_badge; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void drawBadge(QPainter& painter);
    Sign m_sign;
    QString m_badge;
    StatusLevel m_badgeLevel = StatusLevel::NoData;
    bool m_narrow = false;
};

class NavBar final : public QFrame {
    Q_OBJECT
public:
    struct Entry {
        QString id;
        Sign sign;
    };

    explicit NavBar(const std::vector<Entry>& entries, QWidget* parent = nullptr);
    void setName(int index, const QString& name);
    void choose(int index);
    // Whose pools the panels show: whose waiting callers are counted from the next snapshot on. None: our own.
    void setShown(const QStringList& targets) { m_shown = targets; }
    void showSnapshot(const metrics::Snapshot& snapshot);
    void setNarrow(bool narrow);
    [[nodiscard]] NavButton* button(int index) const { return m_buttons.at(static_cast<std::size_t>(index)); }

Q_SIGNALS:
    void chosen(int index);

private:
    [[nodiscard]] NavButton* find(const QString& id) const;
    void showCost(const metrics::CostView& cost);
    [[nodiscard]] int waitingIn(const metrics::Snapshot& snapshot) const;

    QStringList m_shown;
    std::vector<Entry> m_entries;
    std::vector<NavButton*> m_buttons;
    QLabel* m_cost;
    bool m_narrow = false;
};

} // namespace widgets
