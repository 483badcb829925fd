// Everything a person can do, in one list: menus, shortcuts, the F1 sheet and the Ctrl+K palette are made of
// it.
#pragma once

#include <QAction>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

namespace widgets {

struct ActionSpec {
    const char* id;        // stable, "pause"
    const char* text;      // QT_TRANSLATE_NOOP("widgets::Actions", …)
    const char* group;     // QT_TRANSLATE_NOOP("widgets::Actions", …)
    const char* keys = ""; // "Ctrl+E; Ctrl+S": portable, alternatives after ';'
};

// Main thread only. The actions belong to the window given, where their shortcuts work.
class Actions final : public QObject {
    Q_OBJECT
public:
    struct Entry {
        ActionSpec spec;
        QAction* action;
    };

    explicit Actions(QWidget* window);
    QAction* add(const ActionSpec& spec, std::function<void()> handler);
    // nullptr when there is none of this id.
    [[nodiscard]] QAction* find(const QString& id) const;
    [[nodiscard]] const std::vector<Entry>& all() const noexcept { return m_entries; }
    [[nodiscard]] static QString groupOf(const Entry& entry);
    // "Ctrl+E", in the desktop's spelling; empty without a shortcut.
    [[nodiscard]] static QString keysOf(const Entry& entry);
    void retranslate();

private:
    QWidget* m_window;
    std::vector<Entry> m_entries;
};

} // namespace widgets
