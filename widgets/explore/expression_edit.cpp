#include "widgets/explore/expression_edit.h"

#include "widgets/explore/expression_colors.h"
#include "widgets/theme.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

constexpr int kMostLines = 6;
constexpr int kFewestTyped = 2; // before suggestions come by themselves
constexpr int kPopupWidth = 380;

QString shown(const models::Suggestion& suggestion)
{
    return suggestion.hint.isEmpty() ? suggestion.text
                                     : suggestion.text + QStringLiteral("   ") + suggestion.hint;
}

} // namespace

ExpressionEdit::ExpressionEdit(QWidget* parent)
    : QPlainTextEdit(parent)
    , m_colors(new ExpressionColors(document()))
    , m_completer(new QCompleter(this))
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPixelSize(Theme::of().font(TextRole::Body).pixelSize());
    setFont(fixed);
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_completer->setModel(&m_offered);
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this,
            [this](const QModelIndex& index) { insert(index.data(Qt::UserRole).toString()); });
    // Colours that change are a change of the document too, but not of what is written.
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (QString now = toPlainText(); now != m_written) {
            m_written = std::move(now);
            setMistake(std::nullopt);
            fitHeight();
            Q_EMIT edited();
        }
    });
    fitHeight();
}

ExpressionEdit::~ExpressionEdit() = default;

void ExpressionEdit::setWords(std::shared_ptr<const models::QueryWords> words)
{
    m_words = words;
    m_colors->setWords(std::move(words));
}

void ExpressionEdit::setMistake(const std::optional<models::QueryMistake>& mistake)
{
    QList<QTextEdit::ExtraSelection> marks;
    if (mistake) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(document());
        const int last = static_cast<int>(toPlainText().size());
        mark.cursor.setPosition(std::clamp(mistake->begin, 0, last));
        mark.cursor.setPosition(std::clamp(mistake->end, 0, last), QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(Theme::of().color(StatusLevel::Critical));
        mark.format.setToolTip(mistake->reason);
        marks.append(mark);
    }
    setExtraSelections(marks);
}

QStringList ExpressionEdit::offered() const
{
    QStringList texts;
    for (int row = 0; row < m_offered.rowCount() && m_completer->popup()->isVisible(); ++row) {
        texts << m_offered.item(row)->data(Qt::UserRole).toString();
    }
    return texts;
}

QSize ExpressionEdit::sizeHint() const
{
    const int lines = std::clamp(document()->blockCount(), 1, kMostLines);
    const int frame = 2 * frameWidth() + static_cast<int>(2 * document()->documentMargin());
    return {300, lines * fontMetrics().lineSpacing() + frame + 4};
}

void ExpressionEdit::fitHeight()
{
    setFixedHeight(sizeHint().height());
}

bool ExpressionEdit::event(QEvent* event)
{
    // Esc puts suggestions away; the window's own shortcut for it stays out of the field.
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape && m_completer->popup()->isVisible()) {
        event->accept();
        return true;
    }
    // Before it moves the focus: Tab takes a suggestion.
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Tab &&
        m_completer->popup()->isVisible()) {
        keyPressEvent(static_cast<QKeyEvent*>(event));
        return true;
    }
    return QPlainTextEdit::event(event);
}

void ExpressionEdit::focusInEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusInEvent(event);
    Q_EMIT wordsWanted();
}

bool ExpressionEdit::popupTakes(int key) const
{
    return m_completer->popup()->isVisible() &&
           (key == Qt::Key_Enter || key == Qt::Key_Return || key == Qt::Key_Escape || key == Qt::Key_Tab ||
            key == Qt::Key_Backtab);
}

void ExpressionEdit::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (popupTakes(key)) {
        if (key == Qt::Key_Tab) { // the first one, when none was chosen
            const QModelIndex chosen = m_completer->popup()->currentIndex();
            insert((chosen.isValid() ? chosen : m_offered.index(0, 0)).data(Qt::UserRole).toString());
            m_completer->popup()->hide();
            return;
        }
        if (key != Qt::Key_Escape && m_completer->popup()->currentIndex().isValid()) {
            event->ignore(); // the popup's
            return;
        }
        m_completer->popup()->hide();
        if (key == Qt::Key_Escape) {
            return;
        }
    }
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (enter && !event->modifiers().testFlag(Qt::ShiftModifier)) {
        Q_EMIT runAsked();
        return;
    }
    if (key == Qt::Key_Space && event->modifiers().testFlag(Qt::ControlModifier)) {
        complete();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
    if (!event->text().isEmpty() && event->text().front().isPrint()) {
        offer(kFewestTyped);
    } else if (key != Qt::Key_Shift && key != Qt::Key_Control) {
        m_completer->popup()->hide();
    }
}

void ExpressionEdit::complete()
{
    offer(0);
}

void ExpressionEdit::offer(int fewestTyped)
{
    m_completer->popup()->hide();
    const int cursor = textCursor().position();
    const models::QueryPlace place = models::queryPlace(toPlainText(), cursor);
    const bool inBrackets = place.wants != models::QueryPlace::Wants::Word;
    if (!m_words || (cursor - place.begin < fewestTyped && !(inBrackets && fewestTyped > 0))) {
        return;
    }
    const std::vector<models::Suggestion> fitting = m_words->suggest(toPlainText(), cursor);
    const QString typed = toPlainText().mid(place.begin, cursor - place.begin);
    if (fitting.empty() || fitting.front().text == typed) { // there already
        return;
    }
    m_offered.clear();
    for (const models::Suggestion& suggestion : fitting) {
        auto* item = new QStandardItem(shown(suggestion));
        item->setData(suggestion.text, Qt::UserRole);
        m_offered.appendRow(item);
    }
    QRect where = cursorRect();
    where.setWidth(kPopupWidth);
    m_completer->complete(where);
    m_completer->popup()->setCurrentIndex({}); // Enter runs; Tab takes the first
}

void ExpressionEdit::insert(const QString& suggestion)
{
    QTextCursor cursor = textCursor();
    const models::QueryPlace place = models::queryPlace(toPlainText(), cursor.position());
    cursor.setPosition(place.begin, QTextCursor::KeepAnchor);
    cursor.insertText(suggestion);
    const bool call = place.wants == models::QueryPlace::Wants::Word && m_words &&
                      m_words->isFunction(suggestion) &&
                      !toPlainText().mid(cursor.position()).startsWith(u'(');
    if (call) {
        cursor.insertText(QStringLiteral("()"));
        cursor.movePosition(QTextCursor::Left);
    }
    setTextCursor(cursor);
}

} // namespace widgets
