// Where PromQL is typed: words in colour, completion, a mistake underlined. Enter runs, Shift+Enter is a new
// line.
#pragma once

#include "models/query_text.h"
#include "models/query_words.h"

#include <QPlainTextEdit>
#include <QStandardItemModel>

#include <memory>
#include <optional>

class QCompleter;

namespace widgets {

class ExpressionColors;

// Main thread only.
class ExpressionEdit final : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit ExpressionEdit(QWidget* parent = nullptr);
    ~ExpressionEdit() override;

    // What completion offers from now on.
    void setWords(std::shared_ptr<const models::QueryWords> words);
    // Underlines it until the text changes; nullopt takes the line away.
    void setMistake(const std::optional<models::QueryMistake>& mistake);
    [[nodiscard]] QString text() const { return toPlainText().trimmed(); }
    // The suggestions on the screen; for tests too.
    [[nodiscard]] QStringList offered() const;
    [[nodiscard]] QSize sizeHint() const override;

public Q_SLOTS:
    void complete(); // offers what fits, whatever was typed

Q_SIGNALS:
    void edited(); // what is written became another
    void runAsked();
    void wordsWanted(); // it got the focus: fresh words would be good

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    void offer(int fewestTyped);
    void insert(const QString& suggestion);
    void fitHeight();
    [[nodiscard]] bool popupTakes(int key) const;

    std::shared_ptr<const models::QueryWords> m_words;
    ExpressionColors* m_colors;
    QCompleter* m_completer;
    QStandardItemModel m_offered;
    QString m_written;
};

} // namespace widgets
