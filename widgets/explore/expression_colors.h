// Colours of PromQL's words in an expression field.
#pragma once

#include "models/query_words.h"

#include <QSyntaxHighlighter>

#include <memory>

namespace widgets {

// Main thread only. Follows the theme.
class ExpressionColors final : public QSyntaxHighlighter {
    Q_OBJECT
public:
    explicit ExpressionColors(QTextDocument* document);
    void setWords(std::shared_ptr<const models::QueryWords> words);

protected:
    void highlightBlock(const QString& text) override;

private:
    std::shared_ptr<const models::QueryWords> m_words;
};

} // namespace widgets
