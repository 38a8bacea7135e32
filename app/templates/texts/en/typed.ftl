# Why a typed line cannot be taken, and what to type instead.
typed-weight = Weights go from 0 (bodyweight) to { $limit }, like <code>62.5</code> or <code>60x8</code>.
typed-decimals = Weights have two decimals at most, like <code>62.25</code>. I never round, so type it the way you want it kept.
typed-reps = Reps are whole numbers from 1 to { $limit }: <code>8</code>, or after the weight, <code>60x8</code>.
typed-sets = One line can hold 1 to { $limit } sets: <code>3x8@60</code> is three sets of 8 at 60.
typed-form = Those numbers could mean several things to me, so nothing was saved.
    Type a weight like <code>62.5</code>, a set like <code>60x8</code>, or three sets of 8 like <code>3x8@60</code>. A name may stand in front: <code>bench 60x8</code>.
typed-lines = I read one line at a time, so nothing was saved. Send the first alone, like <code>bench 60x8</code>, then the next.
typed-characters = There is a character in that line that I cannot read. Type it once more, like <code>60x8</code>.
