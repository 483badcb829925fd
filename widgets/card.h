// A framed box with a title on the left and a short text on the right.
#pragma once

#include <QFrame>
#include <QString>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace widgets {

class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setNote(const QString& note);
    // `width` px of the head, besides the title, that the note must leave free: it hides where it cannot.
    void reserveHead(int width);
    // Where the content goes, below the head.
    [[nodiscard]] QVBoxLayout* body() const noexcept { return m_body; }
    // The head line, for buttons at its right end.
    [[nodiscard]] QHBoxLayout* head() const noexcept { return m_head; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitNote();

    QLabel* m_title;
    QLabel* m_note;
    QHBoxLayout* m_head;
    QVBoxLayout* m_body;
    int m_reserved = 0; // px
};

} // namespace widgets
