# What a new password lacks.
admin-password-short = A password has { $shortest } characters or more.
admin-password-long = A password has { $longest } characters at most.
admin-password-like-name = That password is little more than the name. Take another one.
admin-password-same-letters = That password is made of too few different characters. Take another one.
admin-password-no-text = That password came in a spelling that is no UTF-8. Set your terminal to UTF-8, or take another one.
