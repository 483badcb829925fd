// A tab of the Pool panel. A new one: its two files here, and a line in pool_tabs.cpp.
#pragma once

#include "widgets/panels/panel.h"

#include <QEvent>
#include <QWidget>

#include <span>

namespace widgets {

class PoolTab : public QWidget {
    Q_OBJECT
public:
    explicit PoolTab(const PanelContext& context, QWidget* parent = nullptr)
        : QWidget(parent)
        , m_context(context)
    {
    }

    // For the tab in front only, at each tick and when it comes to the front.
    virtual void showSnapshot(const metrics::SnapshotPtr& snapshot) = 0;
    virtual void setTimeRange(const TimeRange& range) { Q_UNUSED(range) }
    // A slot's number, or a word only this tab knows; true when it is shown there.
    virtual bool showHint(const QString& hint)
    {
        Q_UNUSED(hint)
        return false;
    }

Q_SIGNALS:
    void toast(const QString& text);
    // Another tab is wanted: its id, and a hint for it.
    void tabRequested(const QString& tab, const QString& hint);

protected:
    [[nodiscard]] const PanelContext& context() const noexcept { return m_context; }
    // All texts in the present language.
    virtual void retranslate() = 0;
    void changeEvent(QEvent* event) override
    {
        if (event->type() == QEvent::LanguageChange) {
            retranslate();
        }
        QWidget::changeEvent(event);
    }

private:
    const PanelContext m_context;
};

struct PoolTabEntry {
    const char* id;    // "slots": names its button, too
    const char* title; // QT_TRANSLATE_NOOP("widgets::PoolPanel", …)
    PoolTab* (*make)(const PanelContext& context, QWidget* parent);
    int (*count)(const metrics::PoolView& pool) = nullptr; // shown beside the title; nullptr: none
};
// In the order in which they stand.
[[nodiscard]] std::span<const PoolTabEntry> poolTabs();

} // namespace widgets
